// The real gateway (wechaty-puppet-service) under load, before a puppet without a network.
//
// Reads one JSON command a line, answers one JSON object a line:
//   {op: 'people', rooms, members, ofOne, delay}   rooms and who is in them; `ofOne` members in room
//                                                  0; every payload call takes `delay` ms
//   {op: 'play', file, every, patience}            say the lines of a file, `every` ms or (0) as fast
//                                                  as they can be written, until each line that
//                                                  wants an answer has one; times are taken here
//   {op: 'knock', room, talker, text, every, patience}   say one line again and again until answered
//   {op: 'quiet'}                                  until no payload was asked for during half a second
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

import { PuppetMock } from 'wechaty-puppet-mock'
import { PuppetServer } from 'wechaty-puppet-service'

const ME = 'wxid_me'
const TEXT = 7
const [port, token] = process.argv.slice(2)

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms))
const tell = object => process.stdout.write(JSON.stringify(object) + '\n')

class Loaded extends PuppetMock {

  messages = new Map()
  earlier = new Map()
  rooms = new Map()
  delay = 0
  calls = { room: 0, contact: 0, roomMember: 0, message: 0 }
  onAnswer = () => {}
  #number = 0

  async onStart () {
    if (!this.isLoggedIn) this.login(ME)
    setImmediate(() => this.emit('ready', { data: 'ready' }))
  }

  // A gateway outlives its clients: a client that says goodbye does not log the account out.
  async onStop () {}

  // The answers to payload calls, past the caches of the puppet: each call takes its time.
  async #payload (kind, value) {
    this.calls[kind]++
    if (this.delay) await sleep(this.delay)
    return value
  }

  messagePayload (id) { return this.#payload('message', this.messages.get(id) ?? this.earlier.get(id)) }

  contactPayload (id) {
    return this.#payload('contact', {
      id, name: `成员${id}`, gender: 0, type: 1, avatar: '', phone: [], friend: true,
    })
  }

  roomPayload (id) {
    return this.#payload('room', {
      id, topic: `群${id}`, memberIdList: this.rooms.get(id), adminIdList: [], ownerId: ME, avatar: '',
    })
  }

  roomMemberPayload (_, id) {
    return this.#payload('roomMember', { id, name: `成员${id}`, roomAlias: '', avatar: '' })
  }

  async roomList () { return [...this.rooms.keys()] }
  async roomMemberList (id) { return this.#payload('room', this.rooms.get(id)) }
  async contactList () { return [ME] }

  // As a real account does: no id is given back, and our own words come back as a message.
  async messageSendText (room, text) {
    this.onAnswer(room)
    setImmediate(() => this.say(room, ME, text, TEXT))
  }

  say (roomId, talkerId, text, type) {
    const id = `m${process.pid}-${this.#number++}`
    this.messages.set(id, { id, roomId, talkerId, text, type, timestamp: Date.now(), mentionIdList: [] })
    this.emit('message', { messageId: id })
  }

}

const puppet = new Loaded()
const server = new PuppetServer({ endpoint: `127.0.0.1:${port}`, puppet, token, tls: { disable: true } })

function people ({ rooms, members, ofOne, delay }) {
  puppet.delay = delay
  puppet.rooms = new Map(Array.from({ length: rooms }, (_, room) => [
    `${room}@room`,
    [ME, ...Array.from({ length: ofOne || Math.ceil(members / rooms) }, (_, k) => `wxid_${k * rooms + room}`)],
  ]))
  return {}
}

async function play ({ file, every, patience }) {
  puppet.earlier = puppet.messages // echoes of the last round may still be asked for
  puppet.messages = new Map()
  const lines = JSON.parse(readFileSync(file, 'utf8'))
  const asked = new Map()
  const took = []
  const wanted = lines.filter(line => line.answer).length
  const done = new Promise(resolve => {
    puppet.onAnswer = room => {
      const since = asked.get(room)?.shift()
      if (since === undefined) return
      took.push(performance.now() - since)
      if (took.length === wanted) resolve(performance.now())
    }
  })
  const begun = performance.now()
  for (const [number, { room, talker, text, type, answer }] of lines.entries()) {
    if (every) await sleep(begun + number * every - performance.now())
    else if (number % 100 === 0) await new Promise(setImmediate)
    if (answer) asked.set(room, [...asked.get(room) ?? [], performance.now()])
    puppet.say(room, talker, text, type)
  }
  const said = performance.now()
  const ended = wanted === 0 ? said : await Promise.race([done, sleep(patience * 1000)]) ?? NaN
  puppet.onAnswer = () => {}
  took.sort((a, b) => a - b)
  return {
    seconds: (ended - begun) / 1000,
    saying: (said - begun) / 1000,
    wanted,
    answered: took.length,
    median: took[Math.floor(took.length / 2)],
    slowest: took.at(-1),
  }
}

async function knock ({ room, talker, text, every, patience }) {
  for (const kind of Object.keys(puppet.calls)) puppet.calls[kind] = 0
  let answeredAt = 0
  let calls
  puppet.onAnswer = () => {
    answeredAt ||= Date.now()
    calls ??= { ...puppet.calls }
  }
  const until = Date.now() + patience * 1000
  while (!answeredAt && Date.now() < until) {
    puppet.say(room, talker, text, TEXT)
    await sleep(every)
  }
  puppet.onAnswer = () => {}
  return { answeredAt, ...calls }
}

// Until a client that has logged in has loaded whatever it wants to have.
async function quiet () {
  const count = () => Object.values(puppet.calls).reduce((sum, calls) => sum + calls, 0)
  for (let before = -1; before !== count();) {
    before = count()
    await sleep(500)
  }
  return {}
}

const operations = { people, play, knock, quiet }

await server.start()
await puppet.start()
tell({ ready: true })
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line)
  tell(await operations[command.op](command))
}
process.exit(0)
