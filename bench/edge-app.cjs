// A hello-world app under one framework with one recorder, for the benchmark of the edge. CommonJS, because that is
// where OpenTelemetry's instrumentation takes hold. Arguments: framework, recorder, URL of a receiver, log file.
const [framework, recorder, receiver, log] = process.argv.slice(2);

/** A connect-style middleware, or null. */
let middleware = null;
let edge = null;

async function setUp() {
  if (recorder === 'otel') {
    const { NodeTracerProvider } = require('@opentelemetry/sdk-trace-node');
    const { BatchSpanProcessor } = require('@opentelemetry/sdk-trace-base');
    const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-http');
    const { registerInstrumentations } = require('@opentelemetry/instrumentation');
    const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http');
    const exporter = new OTLPTraceExporter({ url: `${receiver}/v1/traces` });
    const provider = new NodeTracerProvider({
      // Room for all, as an app that wants every request would set it; the default of 2,048 drops most of them.
      spanProcessors: [new BatchSpanProcessor(exporter, { maxQueueSize: 65_536, maxExportBatchSize: 2000 })],
    });
    provider.register();
    registerInstrumentations({ tracerProvider: provider, instrumentations: [new HttpInstrumentation()] });
  } else if (recorder === 'morgan') {
    middleware = require('morgan')('combined', { stream: require('node:fs').createWriteStream(log) });
  } else if (recorder === 'pino-http') {
    middleware = require('pino-http')({}, require('pino').destination({ dest: log, sync: false }));
  } else if (recorder === 'edge') {
    edge = (await import('@vedette/edge')).createEdge({ url: receiver, key: 'vdt_bench' });
  }
}

const HELLO = 'hello world';
const nothing = () => {};

const FRAMEWORKS = {
  node() {
    let listener = (_, response) => {
      response.setHeader('content-type', 'text/plain');
      response.end(HELLO);
    };
    if (edge !== null) listener = edge.node(listener);
    else if (middleware !== null) {
      const inner = listener;
      listener = (request, response) => middleware(request, response, () => inner(request, response));
    }
    return require('node:http').createServer(listener);
  },
  express() {
    const app = require('express5')();
    if (middleware !== null) app.use(middleware);
    app.get('/', (_, response) => response.send(HELLO));
    const server = require('node:http').createServer(app);
    return edge === null ? server : edge.attach(server);
  },
  async fastify() {
    const app = require('fastify')();
    if (edge !== null) await app.register(edge.fastify());
    else if (middleware !== null) {
      app.addHook('onRequest', (request, reply, next) => middleware(request.raw, reply.raw, next));
    }
    app.get('/', (_, reply) => reply.send(HELLO));
    await app.ready();
    return app.server;
  },
  async koa() {
    const { default: Koa } = await import('koa');
    const app = new Koa();
    if (edge !== null) edge.koa(app);
    else if (middleware !== null) {
      app.use((context, next) => {
        middleware(context.req, context.res, nothing);
        return next();
      });
    }
    app.use((context) => {
      context.body = HELLO;
    });
    return require('node:http').createServer(app.callback());
  },
  async hono() {
    const { Hono } = await import('hono');
    const { createAdaptorServer } = await import('@hono/node-server');
    const app = new Hono();
    if (middleware !== null) {
      app.use((context, next) => {
        middleware(context.env.incoming, context.env.outgoing, nothing);
        return next();
      });
    }
    app.get('/', (context) => context.text(HELLO));
    return createAdaptorServer({ fetch: edge === null ? app.fetch : edge.hono(app) });
  },
};

(async () => {
  await setUp();
  require('node:http');
  const server = await FRAMEWORKS[framework]();
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
  process.on('message', (message) => {
    if (message === 'figures') process.send({ figures: edge?.figures() ?? null });
    else process.exit(0);
  });
})();
