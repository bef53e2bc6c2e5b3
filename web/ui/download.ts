/** Hands a document made in the page to the browser as a file. */
export const download = (name: string, content: unknown): void =>
  downloadText(name, `${JSON.stringify(content, null, 2)}\n`, 'application/json')

export function downloadText(name: string, text: string, type: string): void {
  const blob = new Blob([text], { type })
  const address = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
