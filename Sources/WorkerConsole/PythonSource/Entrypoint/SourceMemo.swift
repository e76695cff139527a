import Synchronization
import TextSafety

/// What one run of the checks has read and judged of sources, so that it happens once whichever check asks first.
///
/// A source is known by its bytes: a file that has changed meanwhile is read anew. Bounds: 1,000,000 tokens in trees, and
/// 8 MiB each of texts and of the sources that verdicts depend on.
package final class SourceMemo: Sendable {
    /// A source and the interpreter that reads it; 0 where that does not matter.
    private struct Source: Hashable {
        let bytes: [UInt8]
        let minor: Int

        /// Sources are told apart by comparing them: a look at the ends spares a walk through all of it.
        func hash(into hasher: inout Hasher) {
            hasher.combine(self.minor)
            hasher.combine(self.bytes.count)
            for byte in self.bytes.prefix(512) { hasher.combine(byte) }
            for byte in self.bytes.suffix(512) { hasher.combine(byte) }
        }
    }

    private struct Tree: Sendable {
        let statements: Result<[PythonStatement], SourceError>
        let tokens: Int
    }

    private struct Question: Hashable {
        let main: String
        let flags: EffectiveFlags
        let environment: EntrypointEnvironment
    }

    private struct Judgement: Sendable {
        let verdict: EntrypointVerdict
        let looks: [RecordedFiles.Look]
    }

    private let trees = SharedMemo<Source, Tree>(limit: 1_000_000)
    private let shown = SharedMemo<Source, String>(limit: 8 << 20)
    private let judgements = SharedMemo<Question, Judgement>(limit: 8 << 20)
    private let parses = Atomic(0)
    private let evaluations = Atomic(0)

    package init() {}

    /// How many times a source was parsed.
    var parseCount: Int { self.parses.load(ordering: .relaxed) }

    /// How many times a verdict was worked out.
    var evaluationCount: Int { self.evaluations.load(ordering: .relaxed) }

    /// The statements of a source, as ``PythonParser`` reads them.
    func statements(of bytes: [UInt8], minor: Int) throws(SourceError) -> [PythonStatement] {
        let tree = self.trees.value(
            of: Source(bytes: bytes, minor: minor), weight: { max($0.tokens, bytes.count / 8) }
        ) {
            self.parses.add(1, ordering: .relaxed)
            do throws(SourceError) {
                let (statements, tokens) = try PythonParser.parse(try SourceText(decoding: bytes), minor: minor)
                return Tree(statements: .success(statements), tokens: tokens)
            } catch {
                return Tree(statements: .failure(error), tokens: 0)
            }
        }
        return try tree.value.statements.get()
    }

    /// A file's text without its secrets, for who shows a part of it.
    package func shownText(of bytes: [UInt8]) -> String {
        self.shown.value(of: Source(bytes: bytes, minor: 0), weight: { $0.utf8.count + bytes.count }) {
            Redaction.standard.source(String(decoding: bytes, as: UTF8.self))
        }.value
    }

    /// What deploying does, as ``EntrypointAnalysis`` judges it; judged again when a file that it looked at has changed.
    package func verdict(
        main: String, files: any EntrypointFiles, flags: EffectiveFlags, environment: EntrypointEnvironment
    ) -> EntrypointVerdict {
        let question = Question(main: main, flags: flags, environment: environment)
        func judge() -> Judgement {
            self.evaluations.add(1, ordering: .relaxed)
            let recorded = RecordedFiles(files)
            let verdict = EntrypointAnalysis.verdict(
                main: main, files: recorded, flags: flags, environment: environment)
            return Judgement(verdict: verdict, looks: recorded.looks)
        }
        let known = self.judgements.value(of: question, weight: { RecordedFiles.weight(of: $0.looks) }, make: judge)
        // The files are looked at again in any case: whoever watches what this check depends on sees them.
        if known.isNew || RecordedFiles.areSame(known.value.looks, in: files) { return known.value.verdict }
        return judge().verdict
    }
}
