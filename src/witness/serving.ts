import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { parseSubmission } from './submission.ts'
import type { Verdict, WitnessDesk } from './witness.ts'

/** More than any checkpoint with 63 hashes and the signatures of many others has. */
const longestBody = 32 * 1024
const mostConnections = 128

const statuses: Record<Exclude<Verdict['is'], 'cosigned'>, number> = {
  malformed: 400,
  not_signed: 403,
  unknown_log: 404,
  conflict: 409,
  not_consistent: 422,
}

/**
 * The witness over HTTP: `POST /add-checkpoint` (C2SP tlog-witness), and `GET /checkpoint/NAME` for anybody who wants to
 * know what it has last cosigned. Slow and long requests are cut off.
 */
export function witnessServer(desk: WitnessDesk, say: (line: string) => void): Server {
  const options = {
    ...{ maxHeaderSize: 8 * 1024, keepAliveTimeout: 5000, connectionsCheckingInterval: 500 },
    ...{ headersTimeout: 5000, requestTimeout: 10_000 },
  }
  const server = createServer(options, (request, response) => {
    serve(desk, request, response).catch(error => {
      const { code, name, message } = error as { code?: unknown; name?: string; message?: string }
      say(`a request failed: ${name === 'WitnessRefused' ? message : String(code ?? name)}`)
      if (!response.headersSent) answer(response, 500, 'the witness cannot do this now\n')
      else response.destroy()
    })
  })
  server.maxConnections = mostConnections
  server.setTimeout(15_000)
  return server
}

async function serve(desk: WitnessDesk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url = '' } = request
  if (url === '/add-checkpoint') {
    if (method !== 'POST') return answer(response, 405, 'POST alone\n', { allow: 'POST' })
    return add(desk, request, response)
  }
  const name = /^\/checkpoint\/([0-9a-f]{64})$/.exec(url)?.[1]
  if (name === undefined) return answer(response, 404, 'not found\n')
  if (method !== 'GET' && method !== 'HEAD') return answer(response, 405, 'GET alone\n', { allow: 'GET' })
  const note = await desk.find(name)
  answer(response, note === null ? 404 : 200, note ?? 'nothing was cosigned\n')
}

async function add(desk: WitnessDesk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await read(request)
  if (body === null) return answer(response, 413, 'too long\n', { connection: 'close' })
  const submission = parseSubmission(body)
  const verdict: Verdict = submission === null ? { is: 'malformed' } : await desk.add(submission)
  if (verdict.is === 'cosigned') return answer(response, 200, verdict.cosignature)
  if (verdict.is === 'conflict')
    return answer(response, statuses.conflict, `${verdict.size}\n`, { 'content-type': 'text/x.tlog.size' })
  answer(response, statuses[verdict.is], `${verdict.is}\n`)
}

function answer(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  const fixed = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }
  response.writeHead(status, { ...fixed, 'cache-control': 'no-store', ...headers })
  response.end(text)
}

/** Null when it is longer than any request may be; of what follows nothing is kept. */
function read(request: IncomingMessage): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let length = 0
    request.on('data', (part: Buffer) => {
      length += part.length
      if (length > longestBody) {
        request.removeAllListeners('data').resume()
        resolve(null)
      } else parts.push(part)
    })
    request.on('end', () => resolve(Buffer.concat(parts)))
    request.on('error', reject)
    request.on('close', () => reject(new Error('cut off')))
  })
}
