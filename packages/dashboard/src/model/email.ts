/** Whether a text looks like an e-mail address, by the hub's own rule for one. */
export function isEmail(text: string): boolean {
  return /^[^\s@]{1,64}@[^\s@]{1,190}$/.test(text.trim());
}
