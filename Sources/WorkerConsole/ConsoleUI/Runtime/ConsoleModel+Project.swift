import WorkerDomain

/// What follows when files of the project change.
extension ConsoleModel {
    static func waitForProject(after revision: Int) -> ConsoleCommand {
        .run(owner: .frame, key: "project") { services in await services.project.next(after: revision) }
    }

    /// Files of the project have changed: what depends on them is brought up to date, and the next change waited for.
    mutating func take(_ change: ProjectChange) -> [ConsoleCommand] {
        self.world.resources = change.resources
        self.world.checkRun = .changedOnDisk(change.news.files)
        if let text = ProjectText.toast(change.news, self.world.language) {
            self.show(text, isFailure: !change.news.unusable.isEmpty || !change.news.needRestart.isEmpty, seconds: 12)
        }
        return self.tellAll(.worldChanged) + [
            .run(owner: .frame, key: "checks") { services in await services.checks.runChanged() },
            Self.waitForProject(after: change.news.revision),
        ]
    }
}
