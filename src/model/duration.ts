/** Whole seconds from `90`, `10s`, `2m`, `1m30s`, `1h`; null for anything else. */
export function parseSeconds(text: string): number | null {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  const match = /^(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,7})s)?$/.exec(text);
  if (match === null || text === '') return null;
  const [, hours = '0', minutes = '0', seconds = '0'] = match;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}
