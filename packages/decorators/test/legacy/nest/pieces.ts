import {
  type ArgumentMetadata,
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  Catch,
  type ExceptionFilter,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  type PipeTransform,
  createParamDecorator,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Observable, map } from 'rxjs';

interface Request {
  readonly headers: Readonly<Record<string, string | undefined>>;
}

interface Response {
  setHeader(name: string, value: string): void;
  status(code: number): { json(body: unknown): void };
}

/** Metadata of the handler, or else of its class: who may call it. */
export const Role = Reflector.createDecorator<string>();

/** Lets in those who name the role that the metadata asks for; everybody where it asks for none. */
@Injectable()
export class RoleGuard implements CanActivate {
  readonly #reflector: Reflector;

  constructor(reflector: Reflector) {
    this.#reflector = reflector;
  }

  canActivate(context: ExecutionContext): boolean {
    const wanted = this.#reflector.getAllAndOverride(Role, [context.getHandler(), context.getClass()]);
    const { headers } = context.switchToHttp().getRequest<Request>();
    return wanted === undefined || headers['x-role'] === wanted;
  }
}

/** Puts the answer into an object, and what Nest knows of the handler into a header. */
@Injectable()
export class Envelope implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const handler = `${context.getClass().name}.${context.getHandler().name}/${context.getHandler().length}`;
    context.switchToHttp().getResponse<Response>().setHeader('x-handler', handler);
    return next.handle().pipe(map((data) => ({ data })));
  }
}

/** Makes an instance of the parameter's class: without `design:paramtypes` nobody knows which. */
@Injectable()
export class ToInstance implements PipeTransform {
  transform(value: unknown, { metatype }: ArgumentMetadata): unknown {
    if (metatype === undefined || metatype === String) return value;
    return Object.assign(new metatype() as object, value);
  }
}

export class Teapot extends Error {}

@Catch(Teapot)
export class TeapotFilter implements ExceptionFilter<Teapot> {
  catch(teapot: Teapot, host: ArgumentsHost): void {
    host.switchToHttp().getResponse<Response>().status(418).json({ short: teapot.message });
  }
}

/** A header of the request, by a parameter decorator of the application's own. */
export const Caller = createParamDecorator((name: string, context: ExecutionContext) => {
  const { headers } = context.switchToHttp().getRequest<Request>();
  return `${headers[name] ?? 'nobody'} for ${context.getHandler().name}`;
});
