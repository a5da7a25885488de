// Takes what recorders send, for the benchmark of the edge, and does as little as can be with it: a real hub or
// collector is on another machine.
const { createServer } = require('node:http');

const server = createServer((request, response) => {
  request.on('data', () => {});
  request.on('end', () => {
    response.setHeader('content-type', 'application/json');
    const { url, headers } = request;
    const taken = `{"accepted":${headers['vedette-requests']},"rejected":[]}`;
    response.end(url === '/api/v1/requests' ? taken : '{"hosts":{}}');
  });
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('message', () => process.exit(0));
