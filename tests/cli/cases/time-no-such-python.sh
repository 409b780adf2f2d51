unslow time --python ./nowhere 'a'
