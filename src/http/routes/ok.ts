export function ok() {
  return { ok: true as const }
}
