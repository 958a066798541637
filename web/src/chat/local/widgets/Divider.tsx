/** A line between nodes. */
export function Divider() {
  return <hr className="widget-divider" />;
}
