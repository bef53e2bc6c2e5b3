/** An option as `parseArgs` takes it, with what a person must know of it. */
export interface Option {
  type: 'string' | 'boolean'
  default?: string | boolean
  /** May be given more than once. */
  multiple?: boolean
  /** What stands for the value in a usage line: `FILE`. Strings alone have one. */
  value?: string
  about: string
}

/** What `--help` says of one command. Its options are the very ones that the command parses, so none is left out. */
export interface Help {
  /** As it is typed: `custode log verify`. */
  command: string
  /** What stands after the name and is no option. */
  operands?: string
  options: Record<string, Option>
  examples: readonly string[]
  /** Exit codes other than 2, which is always that the command cannot be understood. */
  ends: string
  more?: readonly string[]
}

/** `custode import customers FILE [--source NAME]`, in one line. */
export function usageOf({ command, operands, options }: Help): string {
  const optional = Object.entries(options).map(([name, option]) => `[${typed(name, option)}]`)
  return [command, ...(operands === undefined ? [] : [operands]), ...optional].join(' ')
}

/** Everything about a command, a line each; `about` is what the list of commands says of it. */
export function describe(about: string, help: Help): string[] {
  const options = Object.entries(help.options).map(([name, option]) => [typed(name, option), option] as const)
  const width = Math.max(0, ...options.map(([name]) => name.length))
  const given = ({ default: unless }: Option) =>
    typeof unless === 'string' ? ` (${unless} when not given)` : ''
  return [
    ...[`${help.command}: ${about}`, '', `  ${usageOf(help)}`],
    ...options.map(([name, option]) => `  ${name.padEnd(width)}  ${option.about}${given(option)}`),
    ...(help.more === undefined ? [] : ['', ...help.more]),
    ...['', ...help.examples.map(example => `example: ${example}`)],
    `ends with ${help.ends}; 2 when the command cannot be understood`,
  ]
}

const typed = (name: string, { value, multiple }: Option): string =>
  `--${name}${value === undefined ? '' : ` ${value}`}${multiple === true ? '…' : ''}`
