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
