import { useLogOut } from '../api/log-out.ts';
import { Logo } from '../parts/icon.tsx';
import { Button } from '../parts/ui/button.tsx';
import { text, ui as words } from '../text.ts';

/** Shown to somebody who is a member of no tenant, or no longer. */
export function NoTenant() {
  const logOut = useLogOut();
  return (
    <main className="lone">
      <title>{text.product}</title>
      <Logo />
      <p>{text.header.noTenant}</p>
      <Button icon="out" busy={logOut.isPending} onClick={() => logOut.mutate()}>
        {words.logOut}
      </Button>
    </main>
  );
}
