/** As a ref: brings the focus to the first field or button, where what was pressed has gone with the step before. */
export function focusFirst(node: HTMLElement | null): void {
  node?.querySelector<HTMLElement>('input, button')?.focus();
}
