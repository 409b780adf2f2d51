unslow time 'a' --fail-on 'wall>+5%'
