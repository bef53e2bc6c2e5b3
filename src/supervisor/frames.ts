/**
 * Where an error happened, a line each: its name and code, then its frames. Never its message, which may hold a value.
 * A frame is known by its shape, and only what stands after the message counts as one.
 */
export function framesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return ['something was thrown that is no error']
  const { name, message, stack = '' } = error
  const code = (error as { code?: unknown }).code
  const said = message === '' ? -1 : stack.indexOf(message)
  const after = said === -1 ? stack : stack.slice(said + message.length)
  return [
    typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code) ? `${name} ${code}` : name,
    ...after.split('\n').filter(line => /^ {4}at .+:\d+:\d+\)?$/.test(line)),
  ]
}
