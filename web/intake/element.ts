type Attributes = Record<string, string | boolean | undefined>

/** An element with its attributes (true: empty, false and undefined: none) and what stands in it; text is never markup. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...inside: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : value)
  made.append(...inside)
  return made
}

let last = 0
export const newId = (): string => `i${++last}`
