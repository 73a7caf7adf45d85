// mtcute (0.30.3, JavaScript) on the local Telegram: login by code, messages both ways, dialogs and history, a call's
// signalling, a second session of the same account that catches up, log-out; with --pfs under temporary keys.
//
//   mtcute.mjs OFFHOOK [--pfs]
//
// Must lie where Node finds @mtcute/node and @mtcute/core. Prints a JSON line per check and one of totals; exit code 0
// only when every check held.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { MemoryStorage, TelegramClient } from '@mtcute/node'
import { NodeCryptoProvider } from '@mtcute/node/utils.js'
import { addPublicKey } from '@mtcute/core/utils.js'

const [offhook, flag] = process.argv.slice(2)
const users = ['10000000001:alice:Alice', '10000000002:bob:Bob'].flatMap(user => ['--user', user])
const server = spawn(offhook, ['dc', '--json', '--code', '12345', ...users], { stdio: ['ignore', 'pipe', 'inherit'] })
const told = JSON.parse(await new Promise(told => createInterface({ input: server.stdout }).once('line', told)))
const [ipAddress, port] = told.addr.split(':')

const failed = []
let passed = 0
function check(name, ok, detail = {}) {
  console.log(JSON.stringify({ check: name, ok, ...detail }))
  if (ok) passed += 1
  else failed.push(name)
}
function finish() {
  console.log(JSON.stringify({ passed, failed }))
  server.kill()
  process.exit(failed.length === 0 ? 0 : 1)
}
setTimeout(() => { check('in time', false); finish() }, 60_000)

async function client(storage = new MemoryStorage()) {
  const crypto = new NodeCryptoProvider()
  addPublicKey(crypto, told.pem)
  const dc = { id: told.dc_id, ipAddress, port: Number(port) }
  return new TelegramClient({
    apiId: 1, apiHash: 'x', storage, crypto, defaultDcs: { main: dc, media: dc },
    network: { usePfs: flag === '--pfs' }, updates: { catchUp: true }, logLevel: 1,
  })
}
const login = (who, number) => who.start({ phone: `+${number}`, code: () => '12345', codeSentCallback: () => {} })
const next = (who, fits) => new Promise(got => who.onNewMessage.add(m => { if (fits(m)) got(m.text) }))
const until = async test => { while (!test()) await new Promise(later => setTimeout(later, 10)) }

const storage = new MemoryStorage()
const alice = await client(), bob = await client(storage)
check('login', (await login(alice, '10000000001')).username === 'alice')
check('login of the other', (await login(bob, '10000000002')).username === 'bob')

const heard = next(bob, m => m.text === 'hello')
check('sent', (await alice.sendText('bob', 'hello')).id > 0)
check('received', (await heard) === 'hello')
const answered = next(alice, m => !m.isOutgoing)
await bob.sendText('alice', 'hello yourself')
check('answered', (await answered) === 'hello yourself')

const dialogs = []
for await (const dialog of alice.iterDialogs()) dialogs.push(dialog.peer.username)
check('dialogs', dialogs.includes('bob'), { dialogs })
const history = []
for await (const message of alice.iterHistory('bob')) history.push(message.text)
check('history', history.join('|') === 'hello yourself|hello', { history })

const calls = []
bob.onRawUpdate.add(({ update }) => { if (update._ === 'updatePhoneCall') calls.push(update.phoneCall) })
const user = await alice.resolvePeer('bob')
const requested = await alice.call({
  _: 'phone.requestCall', userId: { _: 'inputUser', userId: user.userId, accessHash: user.accessHash }, randomId: 5,
  gAHash: new Uint8Array(32).fill(7),
  protocol: { _: 'phoneCallProtocol', udpP2p: true, udpReflector: true, minLayer: 65, maxLayer: 92, libraryVersions: ['13.0.0', '2.4.4'] },
})
check('call requested', requested.phoneCall._ === 'phoneCallWaiting', { state: requested.phoneCall._ })
await until(() => calls.length > 0)
check('call rings', calls[0]._ === 'phoneCallRequested', { state: calls[0]._ })
const { id, accessHash } = requested.phoneCall
await alice.call({
  _: 'phone.discardCall', peer: { _: 'inputPhoneCall', id, accessHash }, duration: 0, connectionId: id,
  reason: { _: 'phoneCallDiscardReasonMissed' },
})
await until(() => calls.length > 1)
check('call given up', calls[1]._ === 'phoneCallDiscarded', { state: calls[1]._ })

await bob.disconnect()
await alice.sendText('bob', 'while you were away')
const missed = next(bob, m => m.text === 'while you were away')
await bob.connect()
await bob.startUpdatesLoop()
check('caught up', (await missed) === 'while you were away')
check('logged out', Boolean(await alice.logOut()))
finish()
