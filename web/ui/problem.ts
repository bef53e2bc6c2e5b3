export interface Fault {
  field: string
  code: string
}

/** A "no" from the server, or no answer at all (`unreachable`). Holds codes, never sentences: pages put it into words. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: string
  readonly status: number
  readonly faults: Fault[]
  readonly detail: Record<string, unknown>

  constructor(code: string, status: number, faults: Fault[] = [], detail: Record<string, unknown> = {}) {
    super(code)
    this.code = code
    this.status = status
    this.faults = faults
    this.detail = detail
  }
}

/** Anything thrown in a page, as the problem to show. */
export const asProblem = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem('internal', 500)
