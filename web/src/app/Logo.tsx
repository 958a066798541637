/** The mark of the page. */
export function Logo() {
  return (
    <svg className="logo" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" />
      <path d="m9.5 16.5 4.4 4.4 8.6-9.3" />
    </svg>
  );
}
