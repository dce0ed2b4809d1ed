import 'reflect-metadata';
import { type Recorded, useClients } from '@afstatsd/testing';
import { type DynamicModule, Module, NotFoundException } from '@nestjs/common';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import {
  Args,
  Field,
  GraphQLModule,
  ID,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { expect } from 'chai';
import { AfstatsdModule } from '../src/index.js';
import { ADAPTERS, type AdapterName, useApps } from './support/apps.js';

@ObjectType()
class User {
  @Field(() => ID)
  id!: string;
  @Field(() => String)
  name?: string;
}

@Resolver(() => User)
class UsersResolver {
  @Query(() => User)
  async user(@Args('id', { type: () => ID }) id: string): Promise<User> {
    if (id === '0') throw new NotFoundException('no such user');
    return { id };
  }

  @Query(() => [User])
  users(): User[] {
    return [{ id: '1' }, { id: '2' }];
  }

  @ResolveField(() => String)
  name(@Parent() { id }: User): string {
    return `user ${id}`;
  }
}

const graphql = (adapter: AdapterName, isTimingFields: boolean): DynamicModule => {
  const common = {
    autoSchemaFile: true,
    ...(isTimingFields ? { fieldResolverEnhancers: ['interceptors' as const] } : {}),
  };
  return adapter === 'Express'
    ? GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, ...common })
    : GraphQLModule.forRoot<MercuriusDriverConfig>({ driver: MercuriusDriver, ...common });
};

for (const adapter of ADAPTERS) {
  describe(`Resolvers (${adapter === 'Express' ? 'Apollo on Express' : 'Mercurius on Fastify'})`, () => {
    const makeClient = useClients();
    const start = useApps();
    let seen: Recorded;
    let url: string;

    const serve = async (isTimingFields = false): Promise<void> => {
      seen = makeClient();
      @Module({
        imports: [
          graphql(adapter, isTimingFields),
          AfstatsdModule.forRoot({ client: seen.statsd, http: { exclude: ['/graphql'] } }),
        ],
        providers: [UsersResolver],
      })
      class AppModule {}
      ({ url } = await start(AppModule, adapter));
    };
    const ask = async (query: string): Promise<{ data: unknown; errors?: { message: string }[] }> => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      return (await response.json()) as never;
    };

    it('are timed by field, each once, and answer as without it', async () => {
      await serve();
      expect(await ask('{ user(id: "7") { id name } users { id } }')).to.deep.equal({
        data: { user: { id: '7', name: 'user 7' }, users: [{ id: '1' }, { id: '2' }] },
      });
      await seen.becomes({
        'timer graphql.resolve Query.user success': 1,
        'timer graphql.resolve Query.users success': 1,
      });
    });

    it('that fail are failures', async () => {
      await serve();
      const { errors } = await ask('{ user(id: "0") { id } }');
      expect(errors?.map(({ message }) => message)).to.deep.equal(['no such user']);
      await seen.becomes({ 'timer graphql.resolve Query.user failure': 1 });
    });

    it('of fields are timed where Nest calls interceptors for them', async () => {
      await serve(true);
      await ask('{ users { name } }');
      await seen.becomes({
        'timer graphql.resolve Query.users success': 1,
        'timer graphql.resolve User.name success': 2,
      });
    });
  });
}
