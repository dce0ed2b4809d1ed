import { expect } from 'chai';
import { OtlpNaming } from '../../src/output/otlp/naming.js';
import { PrometheusNaming } from '@afstatsd/prometheus/parts';

const TAGS = [
  ['method', 'get'],
  ['route', '/users/:id'],
  ['status', '2xx'],
  ['status_code', '204'],
  ['service', 'shop'],
  ['instance', 'shop-1'],
] as const;

describe('the metrics of HTTP servers', () => {
  it('have the names that users of Prometheus know', () => {
    const naming = new PrometheusNaming();
    expect(naming.family('timer', 'http.request')).to.equal('http_request_duration_seconds');
    expect(naming.family('counter', 'http.aborted')).to.equal('http_aborted_total');
    expect(naming.family('timer', 'http.ttfb')).to.equal('http_time_to_first_byte_seconds');
    expect(naming.family('histogram', 'http.response.bytes')).to.equal('http_response_size_bytes');
    expect(naming.family('gauge', 'http.in_flight')).to.equal('http_requests_in_flight');
    expect(naming.family('gauge', 'http.in_flight.max')).to.equal('http_requests_in_flight_max');
    expect(naming.attributes('http_request_duration_seconds', TAGS)).to.deep.equal(Object.fromEntries(TAGS));
  });

  it('have the names and attributes of OpenTelemetry’s semantic conventions', () => {
    const naming = new OtlpNaming();
    const family = naming.family('timer', 'http.request');
    expect(family).to.equal('http.server.request.duration');
    expect(naming.family('gauge', 'http.in_flight')).to.equal('http.server.active_requests');
    expect(naming.attributes(family, TAGS)).to.deep.equal({
      'http.request.method': 'GET',
      'http.route': '/users/:id',
      'http.response.status_code': 204,
      'service.name': 'shop',
      'service.instance.id': 'shop-1',
      status: '2xx',
    });
    expect(naming.attributes(family, [['method', 'other']])).to.deep.equal({
      'http.request.method': '_OTHER',
    });
  });

  it('and those of clients have the names and attributes that are known there', () => {
    const prometheus = new PrometheusNaming();
    expect(prometheus.family('timer', 'http.client.request')).to.equal(
      'http_client_request_duration_seconds',
    );
    expect(prometheus.family('timer', 'db.client.operation')).to.equal(
      'db_client_operation_duration_seconds',
    );
    const otlp = new OtlpNaming();
    const http = otlp.family('timer', 'http.client.request');
    expect(http).to.equal('http.client.request.duration');
    expect(otlp.attributes(http, [['server_address', 'example.com']])).to.deep.equal({
      'server.address': 'example.com',
    });
    const db = otlp.family('timer', 'db.client.operation');
    expect(db).to.equal('db.client.operation.duration');
    expect(
      otlp.attributes(db, [
        ['operation', 'select'],
        ['system', 'postgresql'],
      ]),
    ).to.deep.equal({ 'db.operation.name': 'select', 'db.system.name': 'postgresql' });
  });

  it('leave the names to a metric of the app that has the same one, but another kind', () => {
    expect(new PrometheusNaming().family('counter', 'http.request')).to.equal('http_request_total');
    expect(new OtlpNaming().family('counter', 'http.request')).to.equal('http.request');
  });

  it('never share a family with a metric of the app', () => {
    const naming = new PrometheusNaming();
    const names = ['http.request', 'http.request.duration'].map((name) => naming.family('timer', name));
    expect(new Set(names).size).to.equal(2);
    expect(names[0]).to.equal('http_request_duration_seconds');
  });

  it('keep the tags of other metrics as they are, but for the service and its instance', () => {
    const naming = new OtlpNaming();
    const family = naming.family('counter', 'orders');
    expect(
      naming.attributes(family, [
        ['method', 'card'],
        ['service', 'shop'],
      ]),
    ).to.deep.equal({
      method: 'card',
      'service.name': 'shop',
    });
  });

  it('keep two tags apart that would be one attribute', () => {
    const naming = new OtlpNaming();
    const attributes = naming.attributes('orders', [
      ['service', 'a'],
      ['service.name', 'b'],
    ]);
    expect(attributes).to.deep.equal({ service: 'a', 'service.name': 'b' });
  });
});
