import { hash, verify } from '@node-rs/argon2'

const shortest = 12
const longest = 200

// Long enough, and among the first that anybody tries.
const obvious = new Set(
  [
    'password1234',
    'passwordpassword',
    'password12345',
    'correcthorsebatterystaple',
    'administrator',
    'qwertyuiop123',
    'qwertyuiopasdfgh',
    'qwertyuiopasdfghjkl',
    '1q2w3e4r5t6y',
    '123456789012',
    '1234567890123456',
    'abcdefghijkl',
    'letmeinletmein',
    'iloveyouiloveyou',
    'benvenuto123',
    'benvenuti1234',
    'passwordsicura',
    'passworditalia',
    'ciaociaociao',
    'custodecustode',
    'changemechangeme',
    'welcome12345',
  ].map(plainOf),
)

/** The same characters give the same password on every keyboard (NIST SP 800-63B section 3.1.1.2: NFKC). */
const normal = (password: string): string => password.normalize('NFKC')

function plainOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}

/**
 * What is wrong with a new password, as a field code, or null. At least 12 characters and at most 200; no rule about
 * kinds of characters. `invalid`: one that everybody tries first, a single repeated character, or little more than one
 * of the `words` that lie near (the organisation's name, the person's own name and address).
 */
export function passwordFault(
  password: string,
  words: readonly string[] = [],
): 'too_short' | 'too_long' | 'invalid' | null {
  const characters = [...normal(password)]
  if (characters.length < shortest) return 'too_short'
  if (characters.length > longest) return 'too_long'
  const plain = plainOf(password)
  if (new Set(plain).size < 4 || obvious.has(plain)) return 'invalid'
  return words.map(plainOf).some(word => word.length >= 4 && withoutWord(plain, word)) ? 'invalid' : null
}

/** True when fewer than six characters of the password are its own. */
const withoutWord = (plain: string, word: string): boolean =>
  plain.includes(word) && plain.replaceAll(word, '').length < 6

// OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane. 2 is `Algorithm.Argon2id`.
const costs = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** The argon2id hash in PHC form. The password is kept nowhere else. */
export function hashPassword(password: string): Promise<string> {
  return hash(normal(password), costs)
}

let stranger: Promise<string> | undefined

/**
 * Whether the password is the one that was hashed. Without a hash (nobody known by this name) the answer is false and
 * takes the time of a real check, so that it does not tell who exists.
 */
export async function verifyPassword(hashed: string | null, password: string): Promise<boolean> {
  stranger ??= hashPassword('nobody has this password')
  const fits = await verify(hashed ?? (await stranger), normal(password))
  return fits && hashed !== null
}
