import { KeeperRefusal } from './refusal.ts'

// What arrives over the socket is unknown until it has passed through here. Every function refuses with `malformed`
// and names the place, never the value.

export type Shape = Record<string, unknown>

const malformed = (where: string) => new KeeperRefusal('malformed', { why: where })

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const code = /^[A-Za-z0-9*][A-Za-z0-9_.:-]{0,63}$/
const word = /^[!-?A-~]{1,200}$/

export function object(value: unknown, where: string): Shape {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(where)
  return value as Shape
}

export function text(value: unknown, where: string, most = 4096): string {
  if (typeof value !== 'string' || value.length > most) throw malformed(where)
  return value
}

export function matching(pattern: RegExp, value: unknown, where: string): string {
  if (typeof value !== 'string' || !pattern.test(value)) throw malformed(where)
  return value
}

export const id = (value: unknown, where: string): string => matching(uuid, value, where)

/** A field, compartment, purpose or kind. */
export const codeOf = (value: unknown, where: string): string => matching(code, value, where)

/** A pseudonym, alias or hash: printable, without blanks and without the sign that makes an address. */
export const wordOf = (value: unknown, where: string): string => matching(word, value, where)

/** As `wordOf`, or nothing. */
export const wordOrEmpty = (value: unknown, where: string): string =>
  value === '' ? '' : wordOf(value, where)

export const hash = (value: unknown, where: string): string => matching(/^[0-9a-f]{64}$/, value, where)

export function integer(value: unknown, where: string, least: number, most: number): number {
  if (!Number.isSafeInteger(value) || (value as number) < least || (value as number) > most)
    throw malformed(where)
  return value as number
}

export function list<T>(
  value: unknown,
  where: string,
  most: number,
  one: (value: unknown, where: string) => T,
): T[] {
  if (!Array.isArray(value) || value.length > most) throw malformed(where)
  return value.map((item, at) => one(item, `${where}[${at}]`))
}

export function maybe<T>(
  value: unknown,
  where: string,
  one: (value: unknown, where: string) => T,
): T | undefined {
  return value === undefined || value === null ? undefined : one(value, where)
}

const deepest = 32

/** Whatever JSON has, but not nested so deeply that somebody who walks through it would run out of stack. */
export function shallow(value: unknown, where: string, left = deepest): void {
  if (typeof value !== 'object' || value === null) return
  if (left === 0) throw malformed(where)
  for (const part of Array.isArray(value) ? value : Object.values(value)) shallow(part, where, left - 1)
}

/** `{ [name]: value }`, or nothing where the value is missing: for optional parts of exact types. */
export function part<K extends string, T>(name: K, value: T | undefined): { [P in K]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { [P in K]?: T })
}
