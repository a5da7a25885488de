/** What went wrong, in at most 500 characters. Node hides the reason of a refused connection to several addresses. */
export function describeError(error: Error & { code?: string; errors?: readonly Error[] }): string {
  const text = error.message === '' ? (error.errors?.map(({ message }) => message).join('; ') ?? '') : error.message;
  return (text === '' ? (error.code ?? error.name) : text).slice(0, 500);
}
