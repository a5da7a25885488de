// Sets off the clock of a program under test: loaded before the program itself (`node --import`), it has Date tell the
// time that a message {clock} says, in ms from the machine's. Timers go on as they are, as they do when a machine's
// clock is set. (libfaketime would reach the libraries as well, but a fork hangs under it where there are threads.)
const RealDate = Date;
const machineNow = Date.now.bind(Date);
let offMs = 0;

class SkewedDate extends RealDate {
  constructor(...given: []) {
    if (given.length > 0) super(...given);
    else super(machineNow() + offMs);
  }

  static override now(): number {
    return machineNow() + offMs;
  }
}

globalThis.Date = SkewedDate as DateConstructor;
process.on('message', (message) => {
  const { clock } = message as { clock?: number };
  if (clock !== undefined) offMs = clock;
});
process.channel?.unref();
// A program does not outlive the test that started it.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
