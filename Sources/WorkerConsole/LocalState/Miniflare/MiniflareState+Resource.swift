package import WorkerDomain

extension MiniflareState {
    /// Joins a binding with what `wrangler dev` has stored for it, also where that is nothing yet.
    /// - Parameters:
    ///   - binding: Of any kind.
    ///   - candidates: The names that its file may have been made from, in wrangler's order: preview id or name, id or
    ///     name, binding.
    ///   - known: Such names of every binding of the project that is of the same kind.
    ///   - folder: Places below it are shown relative to it.
    /// - Returns: The binding, what reads it, and its place.
    package func resource(for binding: Binding, candidates: [String], known: [String] = [], below folder: String)
        -> BoundResource
    {
        let (reader, location): (BoundResource.Reader, Location?)
        let kind: MiniflareIdentity.Kind
        switch binding.kind {
        case .d1:
            kind = .d1
            let database = MiniflareD1(state: self, candidates: candidates)
            (reader, location) = (.database(database), database.location)
        case .r2:
            kind = .r2
            let bucket = MiniflareBucketStore(state: self, candidates: candidates)
            (reader, location) = (.bucket(bucket), bucket.location)
        case .kv:
            kind = .kv
            let namespace = MiniflareNamespaceStore(state: self, candidates: candidates)
            (reader, location) = (.namespace(namespace), namespace.location)
        }
        let place = StateSurvey.shown(location?.database ?? self.root, below: folder)
        let survey = StateSurvey(
            state: self, kind: kind, candidates: candidates, known: candidates + known, project: folder)
        return BoundResource(
            binding: binding, reader: reader, place: place, changes: self.changes(kind, candidates: candidates),
            locate: {
                // An older name's file may have been found, and the newer one's be there now.
                await BlockingWork.value {
                    let now = self.locate(kind, candidates: candidates)
                    return StateSurvey.shown(now?.database ?? self.root, below: folder)
                }
            },
            findings: { await BlockingWork.value { survey.findings() } })
    }
}
