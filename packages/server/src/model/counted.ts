const number = new Intl.NumberFormat('en-GB');

/** How many there are, in words: `1 line`, `1,200 lines`. `many`: where it is not `one` with an s. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${number.format(count)} ${count === 1 ? one : many}`;
}
