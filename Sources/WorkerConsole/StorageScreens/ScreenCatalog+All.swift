package import ConsoleUI

extension ScreenCatalog {
    /// Every screen of the console. Adding one: a folder in `ConsoleUI/Screens` or in this module, and its line here.
    package static let all = ScreenCatalog([
        OverviewScreen.self,
        TrafficScreen.self,
        BucketsScreen.self,
        BackendsScreen.self,
        DatabaseScreen.self,
        ChecksScreen.self,
    ])
}
