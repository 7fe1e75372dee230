// A bot as its users write it with the TypeScript Wechaty: it answers keywords and stores nothing.
import { readFileSync } from 'node:fs'

import { WechatyBuilder } from 'wechaty'
import { PuppetService } from 'wechaty-puppet-service'

const [endpoint, token, wordsFile] = process.argv.slice(2)
const words = JSON.parse(readFileSync(wordsFile, 'utf8'))
const bot = WechatyBuilder.build({
  puppet: new PuppetService({ endpoint, token, tls: { disable: true } }),
})

bot.on('message', async message => {
  if (message.self()) return
  if (words.some(word => message.text().includes(word))) {
    await message.say('请看群规')
  }
})
bot.on('error', () => {})

await bot.start()
