// A program as it is in the wild: node:http under OpenTelemetry's SDK. It serves itself a few requests, logs one of
// them, sends all of it to the hub and ends. CommonJS, so that the instrumentation is there before node:http is.
const [, , hub, key, encoding, path] = process.argv;
const { resourceFromAttributes } = require('@opentelemetry/resources');
const { BatchSpanProcessor, NodeTracerProvider } = require('@opentelemetry/sdk-trace-node');
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http');
const { BatchLogRecordProcessor, LoggerProvider } = require('@opentelemetry/sdk-logs');

const kind = encoding === 'protobuf' ? 'proto' : 'http';
const { OTLPTraceExporter } = require(`@opentelemetry/exporter-trace-otlp-${kind}`);
const { OTLPLogExporter } = require(`@opentelemetry/exporter-logs-otlp-${kind}`);

const headers = { authorization: `Bearer ${key}` };
const resource = resourceFromAttributes({ 'service.name': `shop-${encoding}` });
const compression = 'gzip';
const traces = new NodeTracerProvider({
  resource,
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${hub}/v1/traces`, headers, compression }))],
});
traces.register();
const exporter = new OTLPLogExporter({ url: `${hub}/v1/logs`, headers, compression });
const logs = new LoggerProvider({ resource, processors: [new BatchLogRecordProcessor({ exporter })] });
const instrumentation = new HttpInstrumentation();
instrumentation.setTracerProvider(traces);
instrumentation.enable();

const http = require('node:http');

async function main() {
  const server = http.createServer((request, response) => {
    response.statusCode = request.url.includes('missing') ? 404 : 200;
    response.end('hello');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  for (const url of [`${path}?a=1`, `${path}?a=2`, `${path}-missing`]) {
    await new Promise((resolve, reject) => {
      const call = http.get(
        { port, host: '127.0.0.1', path: url, headers: { 'user-agent': 'shopper/1.0' } },
        (answer) => {
          answer.resume();
          answer.on('end', resolve);
        },
      );
      call.on('error', reject);
    });
  }
  await new Promise((resolve) => server.close(resolve));
  logs.getLogger('access').emit({
    timestamp: Date.now(),
    body: 'handled',
    attributes: { 'http.request.method': 'POST', 'url.path': path, 'http.response.status_code': 201 },
  });
  await Promise.all([traces.forceFlush(), logs.forceFlush()]);
  await Promise.all([traces.shutdown(), logs.shutdown()]);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
