/**
 * Real Wechaty gateways for the tests, many in one process: PuppetServer over PuppetMock.
 *
 * Driven over stdin and stdout, one JSON object a line: {"call", "do", "on", ...} is answered by
 * {"id", "value"} or {"id", "error"}. `on` names the gateway. What the mock puppet does not do
 * (removing, announcing, recalling, aliases, deafness, refusals) is done here; everything between
 * the puppet and the wire is the code that real gateways run.
 */
import readline from 'node:readline'

import { FileBox } from 'file-box'
import { grpc } from 'wechaty-grpc'
import { types } from 'wechaty-puppet'
import { PuppetMock, mock } from 'wechaty-puppet-mock'
import { PuppetServer } from 'wechaty-puppet-service'

/** The last port bound: PuppetServer itself does not tell it. */
let port = 0
const bindAsync = grpc.Server.prototype.bindAsync
grpc.Server.prototype.bindAsync = function (endpoint, credentials, callback) {
  return bindAsync.call(this, endpoint, credentials, (error, bound) => {
    port = bound
    callback(error, bound)
  })
}

let numbers = 0

class Puppet extends PuppetMock {
  deaf = false
  said = []
  shown = []
  calls = {}
  aliases = {}
  announcements = {}
  enclosed = {}
  friendships = {}
  invitations = {}
  faults = {}

  /** What a test has ordered for this method: a wait, an error, or (true) doing nothing. */
  async fault (method) {
    this.calls[method] = (this.calls[method] ?? 0) + 1
    const fault = this.faults[method]
    if (!fault || fault.times === 0) return false
    fault.times -= 1
    if (fault.delay) await new Promise(resolve => setTimeout(resolve, fault.delay))
    if (fault.jitter) await new Promise(resolve => setTimeout(resolve, Math.random() * fault.jitter))
    if (fault.error) throw new Error(fault.error)
    return Boolean(fault.ignore)
  }

  ding (data) {
    this.calls.ding = (this.calls.ding ?? 0) + 1
    if (!this.deaf) setImmediate(() => this.emit('dong', { data: data ?? '' }))
  }

  async messagePayload (id) {
    await this.fault('messagePayload')
    return super.messagePayload(id)
  }

  async messageUrl (id) {
    await this.fault('messageUrl')
    return this.enclosed[id].card
  }

  async messageMiniProgram (id) {
    await this.fault('messageMiniProgram')
    return this.enclosed[id].card
  }

  async messageImage (id) {
    await this.fault('messageImage')
    return picture(this.enclosed[id])
  }

  async messageFile (id) {
    await this.fault('messageFile')
    return picture(this.enclosed[id])
  }

  async messageSendText (to, text, mentions = []) {
    if (await this.fault('messageSendText')) return
    if (!this.isLoggedIn) throw new Error('not logged in')
    const room = to.includes('@')
    const known = room ? this.mocker.cacheRoomPayload : this.mocker.cacheContactPayload
    if (!known.has(to)) throw new Error('no such conversation: ' + to)
    this.said.push({ to, text, mentions })
    const id = speak(this, { room: room ? to : null, to, who: this.currentUserId, text, mentions })
    return this.tellsIds ? id : undefined
  }

  async messageSendFile (to, file) {
    if (await this.fault('messageSendFile')) return
    const { name, base64: bytes = '', url = '' } = file.toJSON()
    this.shown.push({ name, bytes, url })
    const room = to.includes('@') ? to : null
    const type = types.Message.Image
    const id = speak(this, { room, to, who: this.currentUserId, type, bytes })
    return this.tellsIds ? id : undefined
  }

  async messageRecall (id) {
    if (await this.fault('messageRecall')) return false
    recall(this, id)
    return true
  }

  async roomDel (roomId, contactId) {
    if (await this.fault('roomDel')) return
    const { ownerId, adminIdList } = this.mocker.roomPayload(roomId)
    if (![ownerId, ...adminIdList].includes(this.currentUserId)) throw new Error('no permission')
    move(this, 'remove', roomId, [contactId], this.currentUserId)
  }

  async roomAdd (roomId, contactId) {
    if (await this.fault('roomAdd')) return
    move(this, 'add', roomId, [contactId], this.currentUserId)
  }

  async roomAnnounce (roomId, text) {
    if (text === undefined) {
      await this.fault('roomAnnounceRead')
      return this.announcements[roomId] ?? ''
    }
    if (!await this.fault('roomAnnounce')) this.announcements[roomId] = text
  }

  async roomList () {
    await this.fault('roomList')
    return super.roomList()
  }

  async roomPayload (id) {
    await this.fault('roomPayload')
    return super.roomPayload(id)
  }

  async roomMemberList (id) {
    await this.fault('roomMemberList')
    return super.roomMemberList(id)
  }

  async roomMemberPayload (roomId, id) {
    await this.fault('roomMemberPayload')
    return super.roomMemberPayload(roomId, id)
  }

  async roomMemberRawPayload (roomId, id) {
    const payload = await super.roomMemberRawPayload(roomId, id)
    return { ...payload, roomAlias: this.aliases[roomId + id] }
  }

  async friendshipRawPayload (id) { return this.friendships[id] }
  async roomInvitationRawPayload (id) { return this.invitations[id] }
}

/** A picture as puppets hand it on: written down, from memory, or as an address on the web. */
function picture ({ bytes, memory, web }) {
  if (web) return FileBox.fromUrl(web, { name: 'picture.png' })
  if (memory) return FileBox.fromBuffer(Buffer.from(bytes, 'base64'), 'picture.png')
  return FileBox.fromBase64(bytes, 'picture.png')
}

function speak (puppet, said) {
  const { room, to, who, text = '', type = types.Message.Text, mentions = [], at, filename } = said
  const id = 'm' + ++numbers
  puppet.enclosed[id] = said
  puppet.mocker.MessageMock.create({
    id,
    filename,
    talkerId: who,
    text,
    timestamp: at ?? Date.now(),
    type,
    ...(room ? { mentionIdList: mentions, roomId: room } : { listenerId: to }),
  })
  puppet.emit('message', { messageId: id })
  return id
}

function recall (puppet, id) {
  const { roomId, talkerId } = puppet.mocker.messagePayload(id)
  speak(puppet, { room: roomId, text: id, type: types.Message.Recalled, who: talkerId })
}

function move (puppet, how, room, whos, by) {
  const { ContactMock, RoomMock } = puppet.mocker
  RoomMock.load(room)[how](...whos.map(who => ContactMock.load(who))).by(ContactMock.load(by))
}

const stages = {}

const commands = {
  async open ({ on, token, tls = true, scan = '', cert, key, port }) {
    const mocker = new mock.Mocker()
    const puppet = new Puppet({ mocker })
    const me = mocker.createContact({ id: 'me' + ++numbers, name: '围炉' }).id
    const security = { disable: !tls, serverCert: cert, serverKey: key }
    const stage = { loggedIn: !scan, me, port, puppet, tls: security, token }
    mocker.use(() => {
      if (stage.loggedIn) commands.login({ on })
      else puppet.emit('scan', { qrcode: scan, status: types.ScanStatus.Waiting })
      return () => {}
    })
    puppet.on('error', () => {})
    stages[on] = stage
    await commands.start({ on })
    return { me, port: stage.port }
  },
  async start ({ on, token }) {
    const stage = stages[on]
    stage.token = token ?? stage.token
    const { puppet, tls } = stage
    const endpoint = '127.0.0.1:' + (stage.port ?? 0)
    stage.server = new PuppetServer({ endpoint, puppet, tls, token: stage.token })
    await stage.server.start()
    stage.port ??= port
  },
  async stop ({ on }) {
    await stages[on].server?.stop()
    stages[on].server = undefined
  },
  async drop ({ on }) {
    await commands.stop({ on })
    if (stages[on].puppet.state.active()) await stages[on].puppet.stop()
    delete stages[on]
  },
  login ({ on }) {
    const { me, puppet } = stages[on]
    if (puppet.isLoggedIn) return
    puppet.login(me)
    puppet.emit('ready', { data: 'ready' })
  },
  logout: ({ on, reason }) => stages[on].puppet.logout(reason),
  contact ({ on, name }) {
    return stages[on].puppet.mocker.createContact({ id: 'c' + ++numbers, name, friend: true }).id
  },
  room ({ on, name, members, admin = true }) {
    const { me, puppet } = stages[on]
    const id = `r${++numbers}@chatroom`
    puppet.mocker.createRoom({
      adminIdList: admin ? [me] : [],
      id,
      memberIdList: [...members, me],
      ownerId: members[0],
      topic: name,
    })
    return id
  },
  alias ({ on, room, who, alias }) { stages[on].puppet.aliases[room + who] = alias },
  join: ({ on, room, whos, by }) => move(stages[on].puppet, 'add', room, whos, by),
  leave: ({ on, room, whos, by }) => move(stages[on].puppet, 'remove', room, whos, by),
  rename ({ on, room, name, by }) {
    const { ContactMock, RoomMock } = stages[on].puppet.mocker
    RoomMock.load(room).topic(name).by(ContactMock.load(by))
  },
  speak: ({ on, ...said }) => speak(stages[on].puppet, { to: stages[on].me, ...said }),
  burst ({ on, rooms, who, count }) {
    for (let n = 0; n < count; n++) {
      speak(stages[on].puppet, { room: rooms[n % rooms.length], text: String(n), who })
    }
  },
  recall: ({ on, id }) => recall(stages[on].puppet, id),
  emit ({ on, event, payload }) { stages[on].puppet.emit(event, payload) },
  friendship ({ on, payload }) { stages[on].puppet.friendships[payload.id] = payload },
  invitation ({ on, payload }) { stages[on].puppet.invitations[payload.id] = payload },
  set ({ on, key, value }) { stages[on].puppet[key] = value },
  fault ({ on, method, times = -1, ...fault }) {
    stages[on].puppet.faults[method] = { times, ...fault }
  },
  said: ({ on }) => stages[on].puppet.said,
  shown: ({ on }) => stages[on].puppet.shown,
  calls: ({ on }) => stages[on].puppet.calls,
  members: ({ on, room }) => stages[on].puppet.mocker.roomPayload(room).memberIdList,
  announcement: ({ on, room }) => stages[on].puppet.announcements[room] ?? '',
}

function answer (line) {
  process.stdout.write(JSON.stringify(line) + '\n')
}

readline.createInterface({ input: process.stdin }).on('line', async line => {
  const { call, do: verb, ...rest } = JSON.parse(line)
  try {
    answer({ call, value: await commands[verb](rest) ?? null })
  } catch (error) {
    answer({ call, error: String(error?.stack ?? error) })
  }
}).on('close', () => process.exit(0))
answer({ call: 0, value: 'ready' })
