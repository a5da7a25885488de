import { Tooltip as Primitive } from 'radix-ui';
import type { ReactElement } from 'react';

interface Props {
  words: string;
  /** What it is about: something that takes the focus. */
  children: ReactElement;
}

/**
 * A few words about a control, while the pointer or the focus is on it; Escape puts them away. There is no hovering on a
 * phone: nothing may be said here alone.
 */
export function Tooltip({ words, children }: Props) {
  return (
    <Primitive.Provider delayDuration={400}>
      <Primitive.Root>
        <Primitive.Trigger asChild>{children}</Primitive.Trigger>
        <Primitive.Portal>
          <Primitive.Content className="tip" sideOffset={6} collisionPadding={12}>
            {words}
          </Primitive.Content>
        </Primitive.Portal>
      </Primitive.Root>
    </Primitive.Provider>
  );
}
