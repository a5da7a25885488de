import { Socket } from 'node:net';
import { launcherDescriptor } from '../config.ts';

/**
 * Ends this process when the one that launched it is killed, at once and without ceremony, as if it had been killed
 * itself; a hub must not go on that nobody can stop any more.
 */
export function watchLauncher(): void {
  const fd = launcherDescriptor();
  if (fd === undefined) return;
  const pipe = new Socket({ fd, readable: true, writable: false });
  pipe.on('error', () => undefined);
  pipe.on('close', () => process.kill(process.pid, 'SIGKILL'));
  pipe.resume();
  pipe.unref();
}
