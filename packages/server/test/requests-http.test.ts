import { describeRequestStore } from './support/clickhouse-suite.ts';

// Over a front of the embedded engine, because no server comes with the packages: see support/clickhouse-front.ts.
describeRequestStore('http');
