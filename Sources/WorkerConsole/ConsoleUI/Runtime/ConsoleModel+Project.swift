import WorkerDomain

/// What follows when files of the project change.
extension ConsoleModel {
    static func waitForProject(after revision: Int) -> ConsoleCommand {
        self.work("project") { services in
            await services.project.next(after: revision)
        } then: { model, change, _ in
            // Nobody looks at the files any more.
            change.map { model.take($0) } ?? []
        }
    }

    /// Files of the project have changed: what depends on them is brought up to date, and the next change waited for.
    mutating func take(_ change: ProjectChange) -> [ConsoleCommand] {
        self.world.resources = change.resources
        self.world.checkRun = .changedOnDisk(change.news.files)
        if let text = ProjectText.toast(change.news, self.world.language) {
            self.show(text, isFailure: !change.news.unusable.isEmpty || !change.news.needRestart.isEmpty, seconds: 12)
        }
        return self.tellAll(.worldChanged) + [
            Self.check(changedOnly: true), Self.waitForProject(after: change.news.revision),
        ]
    }
}
