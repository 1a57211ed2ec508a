/** A duration in the two units that matter: `45 s`, `12 min`, `3 h 20 min`, `2 d 4 h`. */
export function formatDuration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const rest = Math.round(minutes / 60) % 24;
  const days = Math.floor(Math.round(minutes / 60) / 24);
  return rest === 0 ? `${days} d` : `${days} d ${rest} h`;
}
