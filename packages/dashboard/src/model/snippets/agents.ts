import { text } from '../../text.ts';
import { type Fill, hostOf, type Snippet } from './fill.ts';

const LOG = '/var/log/nginx/access.log';

/** Reads a log file and sends its lines, until the hub has them. */
export function vectorSnippet({ url, key }: Fill): Snippet {
  const code = `sources:
  access:
    type: file
    include: [${LOG}]

sinks:
  vedette:
    type: elasticsearch
    inputs: [access]
    endpoints: ['${url}/elasticsearch']
    api_version: v8
    mode: bulk
    bulk:
      action: index
      index: requests
    compression: gzip
    acknowledgements:
      enabled: true
    auth:
      strategy: basic
      user: vedette
      password: '${key}'`;
  return { title: text.firstSteps.steps.vector, code };
}

export function fluentBitSnippet(fill: Fill): Snippet {
  const { protocol, port } = new URL(fill.url);
  const code = `pipeline:
  inputs:
    - name: tail
      path: ${LOG}
      tag: access

  outputs:
    - name: es
      match: access
      host: '${hostOf(fill)}'
      port: ${port || (protocol === 'https:' ? 443 : 80)}
      tls: ${protocol === 'https:' ? 'on' : 'off'}
      path: /elasticsearch
      http_user: vedette
      http_passwd: '${fill.key}'
      index: requests
      generate_id: on
      suppress_type_name: on
      compress: gzip
      retry_limit: false`;
  return { title: text.firstSteps.steps.fluentBit, code };
}

/** Instrumented programs send their server spans; the Collector those, and the lines of logs. */
export function openTelemetrySnippets({ url, key }: Fill): Snippet[] {
  const environment = `export OTEL_EXPORTER_OTLP_ENDPOINT=${url}
export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
export OTEL_EXPORTER_OTLP_HEADERS='Authorization=Bearer%20${key}'
export OTEL_TRACES_SAMPLER=always_on OTEL_METRICS_EXPORTER=none OTEL_LOGS_EXPORTER=none`;
  const collector = `receivers:
  otlp:
    protocols:
      http:
        endpoint: 127.0.0.1:4318
  filelog:
    include: [${LOG}]

exporters:
  otlphttp/vedette:
    endpoint: ${url}
    headers:
      Authorization: 'Bearer ${key}'

service:
  pipelines:
    traces:
      receivers: [otlp]
      exporters: [otlphttp/vedette]
    logs:
      receivers: [filelog]
      exporters: [otlphttp/vedette]`;
  return [
    { title: text.firstSteps.steps.sdk, code: environment, note: text.firstSteps.notes.spans },
    { title: text.firstSteps.steps.collector, code: collector, note: text.firstSteps.notes.logs },
  ];
}
