/**
 * The parameters of a URI template, read from its text: `UriParams<'users://{id}/profile{?lang}'>` is
 * `{ id: string; lang?: string }`. Variables of `{?x}`, `{&x}` and `{;x}` are optional, and a `*` after
 * `?`, `&`, `;`, `.` or `/` makes a list. A text that the compiler does not know gives an open record.
 */
export type UriParams<T extends string> = string extends T
  ? Readonly<Record<string, string | string[]>>
  : Flat<Required<Variables<T>> & Optional<Variables<T>>>

/** The names of all variables of a URI template. */
export type UriVariable<T extends string> = string extends T ? string : Variables<T>['name']

interface VariableType {
  readonly name: string
  readonly optional: boolean
  readonly list: boolean
}

type Required<V extends VariableType> = { [K in Extract<V, { optional: false }> as K['name']]: ValueOf<K> }
type Optional<V extends VariableType> = { [K in Extract<V, { optional: true }> as K['name']]?: ValueOf<K> }
type ValueOf<V extends VariableType> = V['list'] extends true ? string[] : string
type Flat<T> = T extends infer All ? { [K in keyof All]: All[K] } : never

/** Walks over the expressions of a template; `Known` makes the walk a loop for the compiler. */
type Variables<T extends string, Known extends VariableType = never> = T extends `${string}{${infer Body}}${infer Rest}`
  ? Variables<Rest, Known | Expression<Body>>
  : Known

type Expression<Body extends string> = Body extends `${Named}${infer List}`
  ? Listed<List, true, true>
  : Body extends `${'.' | '/'}${infer List}`
    ? Listed<List, false, true>
    : Body extends `${'+' | '#'}${infer List}`
      ? Listed<List, false, false>
      : Listed<Body, false, false>

type Named = '?' | '&' | ';'

type Listed<
  List extends string,
  Optional extends boolean,
  Lists extends boolean,
> = List extends `${infer First},${infer Rest}`
  ? Variable<First, Optional, Lists> | Listed<Rest, Optional, Lists>
  : Variable<List, Optional, Lists>

type Variable<Text extends string, Optional extends boolean, Lists extends boolean> = Text extends `${infer Name}*`
  ? { readonly name: Name; readonly optional: Optional; readonly list: Lists }
  : { readonly name: Text; readonly optional: Optional; readonly list: false }
