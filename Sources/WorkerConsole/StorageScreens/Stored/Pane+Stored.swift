import ConsoleUI
import TerminalCanvas
import WorkerDomain

extension Pane {
    /// That what is shown is not what `wrangler dev` would use.
    static func findingSpans(_ findings: [StoreFinding], _ language: Language) -> [Span] {
        findings.compactMap { finding in
            guard case .oldName(let stored, _) = finding else { return nil }
            return Span(" · \(StoragePhrases.oldData(language, stored))", .warning)
        }
    }

    /// What has changed a moment ago, and whether changes are not seen at all.
    static func changeSpans(_ marks: ChangeMarks, isBlind: Bool, _ language: Language) -> [Span] {
        var spans: [Span] = []
        for (count, phrase, role) in [
            (marks.added, StoragePhrases.countNew, Role.ok), (marks.changed, StoragePhrases.countChanged, .warning),
            (marks.removed, StoragePhrases.countGone, .warning),
        ] where count > 0 {
            spans.append(Span(" · \(phrase(language, ScreenFormat.count(count)))", role))
        }
        if isBlind { spans.append(Span(" · \(StoragePhrases.notWatched(language))", .warning)) }
        return spans
    }

    /// Where the data is: LOCAL or REMOTE with the host that is asked for it, and the binding.
    static func placeSpans(of resource: BoundResource, _ language: Language) -> [Span] {
        let name = Span(" \(resource.binding.name)")
        if let host = resource.host { return [Span("\(StoragePhrases.remote(language)) \(host)", .danger), name] }
        // What is at Cloudflare and not read here has a URL in place of a path.
        let isRemote = resource.place.contains("://")
        return [
            isRemote ? Span(StoragePhrases.remote(language), .danger) : Span(StoragePhrases.local(language), .strong),
            name,
        ]
    }
}
