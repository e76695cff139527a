package import ContentViews
package import TextSafety
import WorkerDomain

extension Screen {
    /// Runs what a pane of content wants, and what that makes it want in turn.
    /// - Parameters:
    ///   - task: `nil` when it wants nothing.
    ///   - slot: Where the work of this pane runs.
    ///   - pane: Where the pane is; `nil` there once it is closed.
    ///   - then: Called with what came back, after the pane has taken it in.
    /// - Returns: The work.
    package mutating func look(
        _ task: ContentTask?, in slot: any WritableKeyPath<Self, Pending> & Sendable,
        _ pane: any WritableKeyPath<Self, ContentPane?> & Sendable,
        then: (@Sendable (inout Self, World) -> [Effect])? = nil
    ) -> [Effect] {
        guard let task else { return [] }
        return [
            self.start(slot) { _ in
                await task.run()
            } then: { screen, reply, world in
                guard var content = screen[keyPath: pane] else { return [] }
                let next = content.take(reply)
                let missing = content.takeMissing()
                let fitting =
                    next == nil ? content.fit(columns: ContentPaneView.columns(of: world.layout.columns)) : nil
                screen[keyPath: pane] = content
                var effects = screen.look(next ?? fitting, in: slot, pane, then: then)
                if let missing {
                    effects.append(.toast(CommonPhrases.notFound(world.language, missing), isFailure: true))
                }
                return effects + (then?(&screen, world) ?? [])
            }
        ]
    }
}

extension World {
    /// How content is shown now; `redaction` is that of the place.
    package func contentOptions(_ redaction: Redaction) -> ContentOptions {
        ContentOptions(
            redaction: redaction, language: self.language, columns: ContentPaneView.columns(of: self.layout.columns),
            pdfToText: self.pdfToText)
    }
}
