import TerminalCanvas
import Widgets
import WorkerDomain

/// What the frame itself asks of the services, and what the results do.
extension ConsoleModel {
    struct BackendSwitched: Sendable, Equatable {
        let from: String?
        let to: String
        /// Exchanges that were in flight on the old one right after.
        var stayed = 0
    }

    static func work<Value: Sendable>(
        _ slot: String, _ work: @escaping @Sendable (Services) async -> Value,
        then: @escaping @Sendable (inout ConsoleModel, Value, World) -> [ConsoleCommand]
    ) -> ConsoleCommand {
        .work(owner: .frame, Work(slot, work, then: then))
    }

    // MARK: Backends

    /// Switches the backend and says how it went.
    func activate(_ name: String, why: String = "") -> ConsoleCommand {
        let from = self.world.backends.active?.backend.name
        return Self.work("switch") { services in
            await Result { () async throws(BackendControlError) in
                try await services.backends.activate(name, why: why)
                let left = services.backends.snapshot().backends.first { $0.backend.name == from && !$0.isActive }
                return BackendSwitched(from: from, to: name, stayed: left?.inFlight ?? 0)
            }
        } then: { model, outcome, _ in
            model.tell(switched: outcome)
            return []
        }
    }

    mutating func tell(switched outcome: Result<BackendSwitched, BackendControlError>) {
        let language = self.world.language
        switch outcome {
        case .success(let done):
            self.closeDialog()
            self.undoTarget = done.from
            let text = done.from.map { ChromePhrases.switched(language, $0, done.to) }
            let key = self.world.keymap.shown("\(GlobalKeys.owner).undo", usually: .character("u"))
            var undo = done.from == nil ? "" : " · \(key) \(ChromePhrases.undo(language))"
            if let from = done.from, done.stayed > 0 {
                undo = " · " + ChromePhrases.backendStays(language, Format.count(done.stayed), from) + undo
            }
            self.show((text ?? ChromePhrases.switchedTo(language, done.to)) + undo, seconds: 12)
        case .failure(let error): self.refuse(ChromePhrases.switchFailed, error)
        }
    }

    static func add(_ backend: Backend) -> ConsoleCommand {
        self.work("add") { services in
            await Result { () async throws(BackendControlError) in try await services.backends.add(backend) }
        } then: { model, outcome, _ in
            model.tell(added: backend, outcome)
            return []
        }
    }

    mutating func tell(added backend: Backend, _ outcome: Result<Void, BackendControlError>) {
        switch outcome {
        case .success:
            self.closeDialog()
            let isFirst = self.world.backends.goesFirst(to: backend)
            let phrase = isFirst ? ChromePhrases.addedActive : ChromePhrases.added
            self.show(phrase(self.world.language, backend.name))
        case .failure(let error): self.refuse(ChromePhrases.addFailed, error)
        }
    }

    private mutating func closeDialog() { if case .backend = self.overlay { self.overlay = nil } }

    private mutating func refuse(_ phrase: Phrase, _ error: BackendControlError) {
        let language = self.world.language
        let text = phrase(language, language.text(error.operation), language.text(error.reason))
        if case .backend(var dialog) = self.overlay {
            dialog.isBusy = false
            dialog.problem = text
            self.overlay = .backend(dialog)
        } else {
            self.show(text, isFailure: true)
        }
    }

    // MARK: Probes, checks, copies

    static let probe = ConsoleModel.work("probe") { services in
        await services.worker.probeBindings()
        await services.backends.probe(nil)
    } then: { model, _, world in
        model.show(OverviewScreen.probed(in: world))
        return []
    }

    /// Runs the checks, or only those whose files have changed.
    static func check(changedOnly: Bool) -> ConsoleCommand {
        self.work("checks") { services in
            changedOnly ? await services.checks.runChanged() : await services.checks.run()
        } then: { model, report, _ in
            model.world.checks = report
            model.world.checkRun = nil
            return model.tellAll(.worldChanged)
        }
    }

    /// What an editor does once it has ended: says what went wrong, and lets the checks look at the files.
    static func editing(_ edit: @escaping @Sendable () async -> String?) -> Work {
        Work("edit") { _ in
            await edit()
        } then: { (model: inout ConsoleModel, problem: String?, _: World) -> [ConsoleCommand] in
            guard let problem else { return [Self.check(changedOnly: true)] }
            model.undoTarget = nil
            model.show(model.world.language.text(problem), isFailure: true)
            return []
        }
    }

    /// What a copy does once it is known what became of it.
    static func copying(_ copy: @escaping @Sendable () async -> CopyReply) -> Work {
        Work("copy") { _ in
            await copy()
        } then: { (model: inout ConsoleModel, reply: CopyReply, _: World) -> [ConsoleCommand] in
            model.undoTarget = nil
            let key = model.world.keymap.shown("\(model.current.rawValue).reveal", usually: .character("*"))
            model.show(
                reply.message(model.world.language, columns: model.size.columns, reveal: key),
                isFailure: reply.isFailure, seconds: reply.seconds)
            return []
        }
    }
}
