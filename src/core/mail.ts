import { randomUUID } from 'node:crypto'
import { createTransport } from 'nodemailer'

export interface Mail {
  to: string
  subject: string
  text: string
}

/** How a mail ended, as a code: an SMTP server's own words may echo the address, so they are dropped here. */
export type Delivery = { sent: true } | { sent: false; code: string; again: boolean }

export interface Post {
  /** Never throws, never logs, and keeps nothing: the answer holds a code at most. */
  send(mail: Mail): Promise<Delivery>
}

const codeOf = (error: unknown): string => {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown }
  if (typeof responseCode === 'number') return `SMTP_${responseCode}`
  return typeof code === 'string' && /^[A-Z0-9_]{1,30}$/.test(code) ? code : 'SMTP_FAILED'
}

/** Post over SMTP. `Message-ID` is random and names no host. A 5xx answer is final; anything else may be tried again. */
export function smtpPost(url: string, from: string): Post {
  const transport = createTransport(url)
  return {
    async send(mail) {
      try {
        await transport.sendMail({ from, ...mail, messageId: `<${randomUUID()}@custode.invalid>` })
        return { sent: true }
      } catch (error) {
        const { responseCode } = error as { responseCode?: unknown }
        const final = typeof responseCode === 'number' && responseCode >= 500
        return { sent: false, code: codeOf(error), again: !final }
      }
    },
  }
}

const most = 200

/** Post for development: the last 200 mails stay in memory, newest first, and go nowhere. */
export class DevelopmentOutbox implements Post {
  #mails: (Mail & { at: Date })[] = []

  async send(mail: Mail): Promise<Delivery> {
    this.#mails.unshift({ ...mail, at: new Date() })
    this.#mails.length = Math.min(this.#mails.length, most)
    return { sent: true }
  }

  list(): readonly (Mail & { at: Date })[] {
    return this.#mails
  }

  clear(): void {
    this.#mails = []
  }
}
