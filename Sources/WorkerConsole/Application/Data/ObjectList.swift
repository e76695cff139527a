import CommandLineArguments
import TextOutput
import WorkerDomain

/// `r2 ls`: page by page, each printed before the next is asked for.
struct ObjectList {
    private let command: R2Command
    private let store: any ObjectStore

    init(_ command: R2Command, _ store: any ObjectStore) {
        self.command = command
        self.store = store
    }

    func run() async throws(CommandFailure) {
        var left = self.command.limit ?? .max
        let delimiter = self.command.isRecursive ? nil : self.command.delimiter ?? "/"
        let request = ObjectListRequest(
            prefix: self.command.place.path, delimiter: delimiter, startAfter: self.command.startAfter,
            limit: min(left, 1_000))
        var walk = ObjectWalk(self.store, request)
        var last: ObjectEntry?
        while let page = try await self.command.page(&walk) {
            let shown = page.entries.prefix(left)
            try self.print(shown)
            left -= shown.count
            last = shown.last ?? last
            guard left == 0, shown.count < page.entries.count || page.nextCursor != nil else { continue }
            // Nothing is left out without a word.
            let next: String? = if case .object(let object)? = last { object.key } else { nil }
            let hint = next.map { "; go on with --start-after \(ObjectText.key($0))" } ?? ""
            StandardError.say("stopped at --limit \(self.command.limit ?? 0), more exist\(hint)")
            return
        }
    }

    private func print(_ entries: some Sequence<ObjectEntry>) throws(CommandFailure) {
        var line = JSONLine()
        for entry in entries {
            if self.command.options.isJSON {
                ObjectText.json(entry, to: &line)
            } else {
                line.bytes += ObjectText.line(entry).utf8
            }
        }
        try StandardOutput.write(line.bytes)
    }
}
