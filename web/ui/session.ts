import type { QueryClient } from '@tanstack/react-query'
import { Problem } from './api.ts'

/** The session a question answered, or null where nobody is signed in. */
export async function orNobody<T>(session: Promise<T>): Promise<T | null> {
  try {
    return await session
  } catch (error) {
    if (error instanceof Problem && (error.code === 'unauthenticated' || error.code === 'wrong_role'))
      return null
    throw error
  }
}

interface AnySession {
  alias?: string
  employee?: { id: string }
}

const sessionNow = (questions: QueryClient): AnySession | undefined =>
  questions
    .getQueriesData<AnySession | null>({ queryKey: ['session'] })
    .map(([, session]) => session)
    .find(session => session != null) ?? undefined

/** Who is signed in on this page, by alias or id, or null for nobody. */
export function whoIsHere(questions: QueryClient): string | null {
  const session = sessionNow(questions)
  return session?.employee?.id ?? session?.alias ?? null
}

/** Answers that are about nobody. */
const impersonal = ['company', 'session', 'notice', 'fields']

/** Forgets whatever was shown of or to whoever was signed in. */
export const forgetAnswers = (questions: QueryClient): void =>
  questions.removeQueries({ predicate: one => !impersonal.includes(String(one.queryKey[0])) })

/**
 * The server no longer knows the session: says so if there was one, asks who is here, which leads to signing in, and
 * then forgets what was shown, for it may be somebody else who signs in next.
 */
export async function endSession(questions: QueryClient, say: () => void): Promise<void> {
  if (whoIsHere(questions) !== null) say()
  await questions.invalidateQueries({ queryKey: ['session'] })
  if (whoIsHere(questions) === null) forgetAnswers(questions)
}
