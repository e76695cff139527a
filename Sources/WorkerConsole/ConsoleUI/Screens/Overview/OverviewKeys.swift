import TerminalCanvas
import WorkerDomain

/// The keys of the overview.
enum OverviewKeys {
    typealias Binding = KeyBinding<OverviewScreen, Effect>

    static let panes: [KeyPane<OverviewScreen, Effect>] = [
        KeyPane(
            "attention", OverviewPhrases.paneAttention, when: { _ in true },
            [
                Binding(
                    "open", .enter, CommonPhrases.open, help: OverviewPhrases.helpOpen, group: .open,
                    when: { screen, _ in screen.leadsSomewhere }
                ) { screen, _ in screen.open() }
            ]
                + KeyMovement.bindings { screen, movement, world in
                    screen.move(movement, in: world)
                    return []
                } + [
                    Binding(
                        "filter", .character("/"), CommonPhrases.filter, help: OverviewPhrases.helpFilter, group: .find
                    ) { _, _ in [.typeFilter] },
                    Binding(
                        "probe", .character("b"), OverviewPhrases.keyProbe, help: OverviewPhrases.helpProbe,
                        group: .change
                    ) { screen, world in screen.probe(in: world) },
                    Binding(
                        "sort-routes", .character("o"), OverviewPhrases.keySort, help: OverviewPhrases.helpSort,
                        group: .view, when: { _, world in world.layout.shows(OverviewScreen.routes) }
                    ) { screen, world in
                        screen.sortRoutes(in: world)
                        return []
                    },
                    // The key is known from wide windows: it says where it went.
                    Binding(
                        "sort-routes", .character("o"), OverviewPhrases.keySort, help: OverviewPhrases.helpSort,
                        group: .view, bar: false, when: { _, world in !world.layout.shows(OverviewScreen.routes) }
                    ) { _, world in [.toast(OverviewPhrases.routesHidden(world.language), isFailure: false)] },
                ])
    ]
}
