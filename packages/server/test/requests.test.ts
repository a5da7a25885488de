import { describeRequestStore } from './support/clickhouse-suite.ts';

describeRequestStore('embedded');
