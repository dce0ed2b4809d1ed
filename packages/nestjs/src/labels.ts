import 'reflect-metadata';
import type { Tags } from '@afstatsd/core';
import type { ExecutionContext } from '@nestjs/common';
import type { HandlerOptions } from './options.js';

/** What a handler is recorded as. */
export interface Label {
  /** The timer's name. */
  readonly name: string;
  /** All of them come from the code, so there are as many as there are handlers. */
  readonly tags: Tags;
}

/** Under these keys Nest's decorators keep what a handler stands for; its packages don't export all of them. */
const METADATA = {
  patterns: 'microservices:pattern',
  kind: 'microservices:handler_type',
  event: 'message',
} as const;
const KIND_EVENT = 2;

/** Which kind of handler a context belongs to. Undefined: HTTP, or one that isn't known. */
export function kindOf(context: ExecutionContext): 'graphql' | 'rpc' | 'websocket' | undefined {
  switch (context.getType<string>()) {
    case 'rpc':
      return 'rpc';
    case 'ws':
      return 'websocket';
    case 'graphql':
      return 'graphql';
    default:
      return undefined;
  }
}

/** The label of a handler that an interceptor sees. */
export function labelOf(kind: keyof HandlerOptions, context: ExecutionContext): Label {
  const handler = context.getHandler();
  const method = `${context.getClass().name}.${handler.name}`;
  if (kind === 'graphql') return { name: 'graphql.resolve', tags: { field: fieldOf(context) ?? method } };
  if (kind === 'websocket') {
    const event: unknown = Reflect.getMetadata(METADATA.event, handler);
    return { name: 'websocket.message', tags: { event: patternText(event ?? method) } };
  }
  const patterns: unknown = Reflect.getMetadata(METADATA.patterns, handler);
  const isEvent = Reflect.getMetadata(METADATA.kind, handler) === KIND_EVENT;
  const list = Array.isArray(patterns) && patterns.length > 0 ? (patterns as unknown[]) : [method];
  return {
    name: 'rpc.request',
    tags: { kind: isEvent ? 'event' : 'message', pattern: list.map(patternText).join('+') },
  };
}

/** `Query.users`: the fourth argument of a resolver says which field it is. */
export function fieldOf(context: ExecutionContext): string | undefined {
  const info = context.getArgByIndex<{ fieldName?: string; parentType?: { name?: string } } | undefined>(3);
  const { fieldName, parentType } = info ?? {};
  return fieldName === undefined || parentType?.name === undefined
    ? undefined
    : `${parentType.name}.${fieldName}`;
}

/** A pattern as text: that of gRPC as `Service/Method`, another object as `cmd=sum&version=1`, sorted by key. */
function patternText(pattern: unknown): string {
  if (typeof pattern !== 'object' || pattern === null) return String(pattern);
  const { rpc, service } = pattern as { rpc?: unknown; service?: unknown };
  if (typeof rpc === 'string' && typeof service === 'string') return `${service}/${rpc}`;
  const entries = Object.entries(pattern).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, value]) => `${key}=${patternText(value)}`).join('&');
}
