/** The mark: an arm that closes round a person, open on the side they may leave by. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" focusable="false" className="mark">
      <rect width="32" height="32" rx="7" className="mark-ground" />
      <path d="M22.4 10.2a8.6 8.6 0 1 0 0 11.6" className="mark-arm" />
      <circle cx="16.6" cy="16" r="2.9" className="mark-heart" />
    </svg>
  )
}
