import WorkerDomain

/// Every kind of store that `wrangler dev` keeps, by the kind of binding that reads it. Adding one: a new file beside
/// this one, and its line here.
enum Stores {
    /// Makes a reader of the store that one of the names leads to.
    typealias Open =
        @Sendable (_ state: MiniflareState, _ names: [String]) -> (BoundResource.Reader, MiniflareState.Location?)

    static let all: [Binding.Kind: Open] = [
        .d1: { state, names in
            let database = MiniflareD1(state: state, candidates: names)
            return (.database(database), database.location)
        },
        .r2: { state, names in
            let bucket = MiniflareBucketStore(state: state, candidates: names)
            return (.bucket(bucket), bucket.location)
        },
        .kv: { state, names in
            let namespace = MiniflareNamespaceStore(state: state, candidates: names)
            return (.namespace(namespace), namespace.location)
        },
    ]
}
