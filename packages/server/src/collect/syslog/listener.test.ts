import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { parseCidr } from '../../model/cidr.ts';
import { Fault } from '../../model/fault.ts';
import type { Consignment, Reception } from '../../model/ways-in.ts';
import { listenForSyslog, type SyslogListener } from './listener.ts';

const LINE = '{"time":"2026-01-31T12:00:00Z","remote_addr":"192.0.2.7","request":"GET /a HTTP/1.1","status":200}';
const MESSAGE = `<134>1 - web1 nginx - - - ${LINE}\n`;
const LOOPBACK = [parseCidr('127.0.0.0/8')].filter((block) => block !== null);

let listener: SyslogListener | undefined;
afterEach(async () => {
  await listener?.close();
  listener = undefined;
});

/** A receiver that waits until it is let go, and fails as long as it is told to. */
function createReceiver() {
  const gate = Promise.withResolvers<void>();
  const state = { taken: 0, calls: 0, most: 0, failures: 0 };
  return {
    state,
    open: () => gate.resolve(),
    async receive({ reading }: Consignment): Promise<Reception> {
      state.calls += 1;
      await gate.promise;
      const none = { rejected: reading.rejected, failed: [], repeated: false };
      if (state.failures > 0) {
        state.failures -= 1;
        return { ...none, accepted: 0, fault: new Fault('overloaded', 'no room') };
      }
      state.taken += reading.records.length;
      return { ...none, accepted: reading.records.length, fault: undefined };
    },
  };
}

async function listen(receiver: ReturnType<typeof createReceiver>, transport: 'tcp' | 'udp'): Promise<number> {
  listener = await listenForSyslog({
    endpoints: [{ transport, host: '127.0.0.1', port: 0 }],
    allow: LOOPBACK,
    receiver,
    tenantId: 'tenant',
    ownerOf: () => undefined,
    onError: () => undefined,
  });
  return listener.endpoints[0]?.port ?? 0;
}

describe('while the store is slow', () => {
  test('TCP is not read any further, and nothing of it is lost', async () => {
    const receiver = createReceiver();
    const port = await listen(receiver, 'tcp');
    const socket = connect(port, '127.0.0.1');
    const chunk = Buffer.from(MESSAGE.repeat(500));
    let sent = 0;
    // Far more than the desk and all buffers between the two ends hold.
    const total = 400;
    const done = (async () => {
      for (; sent < total; sent += 1) {
        if (!socket.write(chunk)) await new Promise((resolve) => socket.once('drain', resolve));
      }
      socket.end();
    })();
    let before = -1;
    await expect
      .poll(
        () => {
          const still = sent === before;
          before = sent;
          return still;
        },
        { interval: 300 },
      )
      .toBe(true);
    expect(sent).toBeLessThan(total);
    receiver.open();
    await done;
    await expect.poll(() => receiver.state.taken).toBe(total * 500);
    expect(listener?.figures()).toMatchObject({ accepted: total * 500, dropped: 0 });
  });

  test('UDP is dropped and counted', async () => {
    const receiver = createReceiver();
    const port = await listen(receiver, 'udp');
    const socket = createSocket('udp4');
    const send = () => new Promise<void>((resolve) => socket.send(MESSAGE, port, '127.0.0.1', () => resolve()));
    await expect
      .poll(
        async () => {
          for (let i = 0; i < 3000; i += 1) await send();
          return listener?.figures().dropped ?? 0;
        },
        { timeout: 100_000, interval: 10 },
      )
      .toBeGreaterThan(0);
    receiver.open();
    socket.close();
    // What lay in the buffer of the system comes after.
    await expect.poll(() => receiver.state.taken).toBeGreaterThanOrEqual(20_000);
  });

  test('a delivery that fails is made again until it is taken', async () => {
    const receiver = createReceiver();
    receiver.state.failures = 3;
    receiver.open();
    const port = await listen(receiver, 'tcp');
    connect(port, '127.0.0.1').end(MESSAGE);
    await expect.poll(() => receiver.state.taken).toBe(1);
    expect(receiver.state.calls).toBe(4);
  });

  test('closing does not wait for it forever, and says what was lost', async () => {
    const receiver = createReceiver();
    receiver.state.failures = Number.POSITIVE_INFINITY;
    receiver.open();
    const port = await listen(receiver, 'tcp');
    connect(port, '127.0.0.1').end(MESSAGE);
    await expect.poll(() => receiver.state.calls).toBeGreaterThan(0);
    await listener?.close();
    expect(listener?.figures()).toMatchObject({ accepted: 0, dropped: 1 });
  });
});
