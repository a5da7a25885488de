import { text } from '../../text.ts';
import { type Fill, hostOf, type Snippet } from './fill.ts';

const LOG = '/var/log/nginx/access.log';

/** Reads a log file and sends its lines, until the hub has them. */
export function vectorSnippet({ url, key }: Fill, path = LOG): Snippet {
  const code = `sources:
  access:
    type: file
    include: [${path}]

sinks:
  vedette:
    type: elasticsearch
    inputs: [access]
    endpoints: ['${url}/elasticsearch']
    api_version: v8
    mode: bulk
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
      suppress_type_name: on
      retry_limit: false`;
  return { title: text.firstSteps.steps.fluentBit, code };
}

/** Instrumented programs send their server spans; the Collector whatever it gathers. */
export function openTelemetrySnippets({ url, key }: Fill): Snippet[] {
  const environment = `OTEL_EXPORTER_OTLP_ENDPOINT=${url}
OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
OTEL_EXPORTER_OTLP_HEADERS='Authorization=Bearer%20${key}'`;
  const collector = `exporters:
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
      receivers: [otlp]
      exporters: [otlphttp/vedette]`;
  return [
    { title: text.firstSteps.steps.sdk, code: environment, note: text.firstSteps.notes.spans },
    { title: text.firstSteps.steps.collector, code: collector },
  ];
}
