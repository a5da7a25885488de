// A process of its own for tests: `open DIR` says which fault opening gives; `write DIR FROM` stores batches of
// numbered rows one after another and prints the number of each once it is acknowledged, until it is killed.
import { Fault } from '../../src/model/fault.ts';
import { openClickHouse } from '../../src/stores/drivers/clickhouse/client.ts';
import { openRequests } from '../../src/stores/requests.ts';
import { numberedBatch } from './clickhouse-numbered.ts';

const [mode, directory = '', from = '0'] = process.argv.slice(2);
try {
  const clickhouse = await openClickHouse({ path: directory });
  if (mode === 'write') {
    const store = await openRequests({ clickhouse });
    const writer = async (first: number) => {
      for (let number = first; ; number += 3) {
        await store.insert(numberedBatch(number));
        process.stdout.write(`${number}\n`);
      }
    };
    await Promise.all([0, 1, 2].map((offset) => writer(Number(from) + offset)));
  }
  await clickhouse.close();
  console.log('opened');
} catch (error) {
  console.log(error instanceof Fault ? `${error.code} ${error.message}` : String(error));
}
